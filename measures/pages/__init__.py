"""Everything that a page shows, finished for its template."""
