"""The command line."""

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, by default that of this process; gives the exit status."""
    from ckpt_viewer.cli.entry import run

    return run(argv)
