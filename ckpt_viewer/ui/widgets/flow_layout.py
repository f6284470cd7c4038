"""Widgets side by side, on as many lines as the width asks for."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QWidget

SPACING = 8
Line = list[tuple[QLayoutItem, int]]  # with its width


class FlowLayout(QLayout):
    """Widgets that may grow share what is left of their line; they shrink before a line ends.

    One that is itself laid out so does not shrink: it becomes higher where it does not fit on a line.
    """

    def __init__(self, parent: QWidget | None = None, spacing: int = SPACING) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._known: dict[int, list[Line]] = {}
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def invalidate(self) -> None:
        self._known, self._heights = {}, {}
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Qt asks for the same width many times before anything changes."""
        if width not in self._heights:
            lines = self._lines(width)
            self._heights[width] = sum(map(_height, lines)) + self.spacing() * max(len(lines) - 1, 0)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self.spacing() * max(len(shown) - 1, 0)
        return QSize(width, max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:
        least = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in least), default=0),
            max((size.height() for size in least), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        top = rect.top()
        for line in self._lines(rect.width()):
            height, left = _height(line), rect.left()
            for item, width in line:
                own = min(_item_height(item, width), height)
                item.setGeometry(QRect(left, top + (height - own) // 2, width, own))
                left += width + self.spacing()
            top += height + self.spacing()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[Line]:
        if width not in self._known:
            self._known[width] = self._broken(width)
        return self._known[width]

    def _broken(self, width: int) -> list[Line]:
        lines: list[Line] = []
        left = 0
        for item in self._shown():
            shrinks = _grows(item) and not item.hasHeightForWidth()
            least = min(item.minimumSize().width() if shrinks else item.sizeHint().width(), width)
            if not lines or left < least:
                lines.append([])
                left = width
            lines[-1].append((item, least))
            left -= least + self.spacing()
        return [self._filled(line, width) for line in lines]

    def _filled(self, line: Line, width: int) -> Line:
        """With what is left over given to those that may grow."""
        rest = width - sum(least for _, least in line) - self.spacing() * (len(line) - 1)
        growing = sum(map(_grows, (item for item, _ in line)))
        share = rest // growing if growing else 0
        return [(item, least + share if _grows(item) else least) for item, least in line]


def beside(*widgets: QWidget) -> QWidget:
    """What stays on one line: a box and its title."""
    whole = QWidget()
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        line.addWidget(widget)
    return whole


def _grows(item: QLayoutItem) -> bool:
    """By the widget's own policy: a stretch inside it only keeps its parts together."""
    widget = item.widget()
    return widget is not None and bool(widget.sizePolicy().expandingDirections() & Qt.Orientation.Horizontal)


def _height(line: Line) -> int:
    return max(_item_height(item, width) for item, width in line)


def _item_height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
