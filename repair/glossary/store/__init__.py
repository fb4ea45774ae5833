"""The glossary in a database that editors share: SQLite or PostgreSQL. Nothing in the pipeline imports it."""
