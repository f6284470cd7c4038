"""A tab keeps which node of its graph it shows as one text, also of a node inside a function."""

_BETWEEN = "\x1f"  # no name holds it


def in_function(function: str, node: str = "") -> str:
    """The node of a function; without one the function itself, without a function the graph's own node."""
    return f"{function}{_BETWEEN}{node}" if function else node


def split_function(name: str) -> tuple[str, str]:
    """The function, or nothing, and the node there."""
    function, _, node = name.rpartition(_BETWEEN)
    return function, node
