"""Forms of the pages; they return domain types, so that views never parse."""
