"""What is taken as evidence: kinds of files, checked by their content."""
