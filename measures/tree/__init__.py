"""The plan as finished, typed rows: as it stands, as it stood on a day, or as a closed period froze it."""
