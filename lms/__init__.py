"""A light host for delivering training programmes to people."""
