"""The veil over what is being replaced: nothing for 100 ms, then a bar with a figure and Cancel."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from ckpt_viewer.ui import theme
from ckpt_viewer.ui.task_runner import Task, TaskRunner


class Loading(QWidget):
    """Dims `target` while one of the lanes works; the pointer goes through, only the card takes clicks.

    It is a child of `target` and goes with it.
    """

    def __init__(self, target: QWidget, tasks: TaskRunner, lanes: Sequence[Hashable]) -> None:
        super().__init__(target)
        self._target, self._tasks, self._lanes = target, tasks, tuple(lanes)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._card = _Card(target)
        self._card.cancel.clicked.connect(self._cancel)
        self.hide()
        target.installEventFilter(self)
        tasks.changed.connect(self._update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = QColor(theme.current().window)
        colour.setAlpha(150)
        QPainter(self).fillRect(self.rect(), colour)

    def _update(self) -> None:
        running = [task for lane in self._lanes if (task := self._tasks.find(lane)) and task.is_slow]
        if running:
            self._card.show_task(running[0])
            if self.isHidden():
                self._raise()
        elif not self.isHidden():
            self.hide()
            self._card.hide()

    def _raise(self) -> None:
        self._place()
        for widget in (self, self._card):
            widget.show()
            widget.raise_()

    def _place(self) -> None:
        area = self._target.rect()
        self.setGeometry(area)
        self._card.adjustSize()
        card = self._card.rect()
        card.setWidth(min(max(card.width(), 320), max(area.width() - 16, 0)))
        card.moveCenter(area.center())
        self._card.setGeometry(card)

    def _cancel(self) -> None:
        for lane in self._lanes:
            self._tasks.cancel(lane)


class _Card(QFrame):
    """What is going on, how far it is, and the button that ends it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setMinimumWidth(80)
        self.cancel = QPushButton(self.tr("Cancel"))
        row = QHBoxLayout(self)
        row.addWidget(self._title, 1)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def show_task(self, task: Task) -> None:
        self._title.setText(task.title or self.tr("Reading…"))
        part = task.cancel.progress
        self._bar.setRange(0, 0 if part is None else 100)
        self._bar.setValue(0 if part is None else round(part * 100))
        self._bar.setAccessibleName(self._title.text())
