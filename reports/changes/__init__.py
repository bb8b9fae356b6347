"""What changed between two states of one plan; nothing here asks the database."""
