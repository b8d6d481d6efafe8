"""The page's sections, one file each: what it says, its table and its picture."""
