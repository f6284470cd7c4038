"""Short words in small frames after the text of a line."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ckpt_viewer.ui import theme

GAP = 6


class BadgeDelegate(QStyledItemDelegate):
    """Draws what the model answers for `role`, a tuple of words, behind the text."""

    def __init__(self, role: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        badges = index.data(self._role) or ()
        if not badges:
            return
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        text = QApplication.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, full, full.widget)
        left = text.left() + QFontMetrics(full.font).horizontalAdvance(full.text) + 2 * GAP
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        for badge in badges:
            left = self._draw(painter, badge, left, option)
        painter.restore()

    def _draw(self, painter: QPainter, badge: str, left: int, option: QStyleOptionViewItem) -> int:
        """Draw one badge, and say where the next one begins."""
        colours = theme.current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        tone = {"NaN": colours.danger, "damaged": colours.danger, "no .meta": colours.muted}.get(
            badge, colours.warning
        )
        colour = QColor(colours.accent_text if chosen else tone)
        metrics = QFontMetrics(option.font)
        height = metrics.height()
        area = QRectF(left, option.rect.center().y() - height / 2 + 0.5, 0, height)
        area.setWidth(metrics.horizontalAdvance(badge) + 2 * GAP)
        painter.setPen(colour)
        painter.drawRoundedRect(area, 4, 4)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, badge)
        return round(area.right()) + GAP
