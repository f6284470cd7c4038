"""Names of variables and nodes where there is no room for all of them.

Names are paths, and what tells neighbours apart is near their ends: in a list cut in the middle many look
the same.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ckpt_viewer.formats.roles.object_keys import VALUE_SUFFIX

_AROUND = 40  # pixels of a cell that its text may not have: margins, a mark


def elided_name(name: str, metrics: QFontMetrics | QFontMetricsF, room: float) -> str:
    """Without its beginning; a last part that would fill the line is cut itself, for those before it.

    What all keys of objects end in goes first: `…r_with_weights-1/bias`.
    """
    name = name if metrics.horizontalAdvance(name) <= room else name.removesuffix(VALUE_SUFFIX)
    if metrics.horizontalAdvance(name) <= room:
        return name
    scope, slash, leaf = name.rpartition("/")
    if slash:
        leaf = _elided(leaf, metrics, Qt.TextElideMode.ElideMiddle, room / 2)
    return _elided(f"{scope}{slash}{leaf}", metrics, Qt.TextElideMode.ElideLeft, room)


class NameDelegate(QStyledItemDelegate):
    """Draws the names of a list by this rule; those that have room are left to Qt, which is faster."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if option.fontMetrics.horizontalAdvance(index.data() or "") <= option.rect.width() - _AROUND:
            super().paint(painter, option, index)
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        style = shown.widget.style() if shown.widget else QApplication.style()
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, shown, shown.widget)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, shown.widget) + 1
        shown.text = elided_name(shown.text, shown.fontMetrics, area.width() - 2 * margin)
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)


def _elided(text: str, metrics: QFontMetrics | QFontMetricsF, mode: Qt.TextElideMode, room: float) -> str:
    if isinstance(metrics, QFontMetricsF):
        return metrics.elidedText(text, mode, room)
    return metrics.elidedText(text, mode, int(room))
