"""Parts of a whole as lengths: one bar of all parts, and the small bars of a table column."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ckpt_viewer.ui import theme

SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
COLOUR_ROLE = Qt.ItemDataRole.UserRole + 2
Part = tuple[str, float, str]


def share_text(share: float) -> str:
    """`66 %`; what is there but rounds to nothing is `<1 %`."""
    return "<1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


class ShareBar(QWidget):
    """All parts side by side; each is a label, its share (0 to 1) and its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: Sequence[Part] = ()
        self.setFixedHeight(22)

    def set_parts(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.setAccessibleName(", ".join(f"{label}: {share_text(share)}" for label, share, _ in parts))
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0.0
        for _, share, colour in self._parts:
            width = share * self.width()
            painter.fillRect(QRectF(left, 0, max(width - 1, 0), self.height()), QColor(colour))
            left += width


class ShareDelegate(QStyledItemDelegate):
    """A bar as long as the model's `SHARE_ROLE` says, with the text over it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours, share = theme.current(), index.data(SHARE_ROLE) or 0.0
        room = option.fontMetrics.horizontalAdvance("100 %") + 8
        area = QRectF(option.rect).adjusted(8, 6, -room - 8, -6)
        painter.fillRect(area, QColor(colours.raised))
        area.setWidth(area.width() * share)
        painter.fillRect(area, QColor(index.data(COLOUR_ROLE) or colours.accent))
        words = QRectF(option.rect).adjusted(0, 0, -8, 0)
        painter.setPen(QColor(colours.text))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, side, str(index.data(Qt.ItemDataRole.DisplayRole)))
