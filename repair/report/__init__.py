"""What a run tells its readers: records for machines, tables for the terminal, a page for editors."""
