"""Who changed what in a plan, read from the tables of history; nothing here writes."""
