"""Feeds damaged files to every reader: `python -m tests.fuzz --help`.

An input is made from a good file by a seed and a number alone, so it can be made again at any time. What
comes out must be a value or a `CheckpointError`; everything else is a finding.
"""
