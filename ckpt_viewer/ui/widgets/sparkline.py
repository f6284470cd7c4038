"""A histogram as small as a table cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import theme

if TYPE_CHECKING:
    from ckpt_viewer.analysis.histogram import Histogram

BARS = 32
_EDGE = 3


class SparklineDelegate(QStyledItemDelegate):
    """Draws the histogram of what the model answers for `role`, a Summary or None.

    Heights follow the square root of the counts: a lone outlier stays visible, the body still has a shape.
    """

    def __init__(self, role: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        summary = index.data(self._role)
        if summary is None or summary.histogram is None:
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette.color(QPalette.ColorRole.HighlightedText)
        colour = palette if chosen else QColor(theme.current().series_a)
        _draw_bars(
            painter,
            QRectF(option.rect).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE),
            _bars(summary.histogram),
            colour,
        )


def _bars(histogram: Histogram) -> Array:
    return np.sqrt(histogram.counts.astype(np.float64))


def _draw_bars(painter: QPainter, area: QRectF, heights: Array, colour: QColor) -> None:
    if not heights.size or not heights.max():
        return
    width = area.width() / max(len(heights), BARS // 2)
    left = area.left() + (area.width() - width * len(heights)) / 2
    for number, part in enumerate((heights / heights.max()).tolist()):
        if part:
            height = max(part * area.height(), 1.0)
            painter.fillRect(
                QRectF(left + number * width, area.bottom() - height, max(width - 0.5, 1.0), height), colour
            )
