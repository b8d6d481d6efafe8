"""Where a source contradicts all the others: one kind a module, each with its rule, its evidence and its edit."""
