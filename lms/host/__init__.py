"""What features stand on."""
