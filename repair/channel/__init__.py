"""What the round trip through a pivot language does to English: senses, scripts, noise."""
