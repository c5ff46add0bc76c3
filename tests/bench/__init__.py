"""Benches: figures as ratios in one run, never asserted against a clock. `python -m tests.bench` prints the table."""
