"""The plan as a Word document, which the import reads back word for word."""
