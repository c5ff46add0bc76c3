"""Interrupting people while they write and send, at random: no acknowledged word is lost, nothing is sent twice.

`python -m tests.kill` does it two hundred times and prints its counts; the tests do it a few times.
"""
