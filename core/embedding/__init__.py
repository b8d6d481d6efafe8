"""What an encoder sees in each block of ground: as vectors to map with, to search by, to group, and to look into."""
