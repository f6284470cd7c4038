"""Panes side by side whose widths the user keeps."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


def across(name: str, widgets: Sequence[QWidget], widths: Sequence[int]) -> QSplitter:
    """From left to right, none of them can be folded away; all but the first share what room is left."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    for number, (widget, width) in enumerate(zip(widgets, widths, strict=True)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(number, width if number else 0)
    splitter.setSizes(list(widths))
    return splitter
