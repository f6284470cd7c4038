"""Short words in small frames after the text of a line."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ckpt_viewer.ui import theme

GAP, PADDING = 6, 5
LEAST_LETTERS = 4  # of a badge, or it says nothing
SMALLER = 0.9


class BadgeDelegate(QStyledItemDelegate):
    """Draws what the model answers for `role`, a tuple of words, behind the text.

    A text that leaves no room for them is cut in its middle, to no less than half of the line; badges that
    even then have none are counted.
    """

    def __init__(self, role: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if badges := index.data(self._role):
            room, metrics = _text_area(option).width(), option.fontMetrics
            least = min(metrics.horizontalAdvance(option.text), room // 2)
            shown = fitting(badges, room - least, option.font)
            mode = Qt.TextElideMode.ElideMiddle
            option.text = metrics.elidedText(option.text, mode, room - _width(shown, option.font))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        badges = index.data(self._role)
        if not badges:
            return
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        area, text = _text_area(full), full.fontMetrics.horizontalAdvance(full.text)
        left = area.left() + text + 2 * GAP
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_small(option.font))
        shown = fitting(badges, area.width() - text, full.font)
        for word, badge in zip(
            shown, badges, strict=False
        ):  # how many more there are has the next one's tone
            left = self._draw(painter, word, _tone(badge), left, option)
        painter.restore()

    def _draw(self, painter: QPainter, badge: str, tone: str, left: int, option: QStyleOptionViewItem) -> int:
        """Draw one badge, and say where the next one begins."""
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        colour = QColor(theme.current().accent_text if chosen else tone)
        height = painter.fontMetrics().height() + 1
        area = QRectF(left, option.rect.center().y() - height / 2 + 0.5, 0, height)
        area.setWidth(_frame(badge, painter.fontMetrics()))
        painter.setPen(colour)
        painter.drawRoundedRect(area, 4, 4)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, badge)
        return round(area.right()) + GAP


def fitting(badges: Sequence[str], room: int, font: QFont) -> list[str]:
    """As many as there is room for, then how many more there are; one alone is rather cut than counted."""
    for count in range(len(badges), 0, -1):
        more = [f"+{len(badges) - count}"] if count < len(badges) else []
        if _width(shown := [*badges[:count], *more], font) <= room:
            return shown
    if len(badges) == 1 and room > _width([badges[0][:LEAST_LETTERS] + "…"], font):
        frames = room - _width([""], font)
        return [QFontMetrics(_small(font)).elidedText(badges[0], Qt.TextElideMode.ElideRight, frames)]
    return [f"+{len(badges)}"]


def _tone(badge: str) -> str:
    colours = theme.current()
    tones = {"NaN": colours.danger, "damaged": colours.danger, "no .meta": colours.muted}
    return tones.get(badge, colours.warning)


def _text_area(option: QStyleOptionViewItem) -> QRect:
    part = QStyle.SubElement.SE_ItemViewItemText
    return QApplication.style().subElementRect(part, option, option.widget)


def _width(badges: Sequence[str], font: QFont) -> int:
    """With the gaps before and between them."""
    metrics = QFontMetrics(_small(font))
    return GAP + sum(_frame(badge, metrics) + GAP for badge in badges)


def _frame(badge: str, metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance(badge) + 2 * PADDING


def _small(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setBold(False)
    smaller.setPointSizeF(font.pointSizeF() * SMALLER)
    return smaller
