"""The work under way, in the status bar: its figure, and what ends it."""

from collections.abc import Hashable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ckpt_viewer.ui.task_runner import Task, TaskRunner
from ckpt_viewer.ui.widgets.plain_text import plain_label


class Jobs(QWidget):
    """Shows the oldest visible task, how many wait behind it, and cancels it."""

    def __init__(self, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs")
        self._tasks = tasks
        self._lane: Hashable = None
        self._label: QLabel = plain_label()
        self._cancel = QToolButton()
        self._cancel.setText("✕")
        self._cancel.setToolTip(self.tr("Cancel (Esc)"))
        self._cancel.clicked.connect(self._stop)
        keeping = self._cancel.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)  # a status bar that grows has the whole window laid out
        self._cancel.setSizePolicy(keeping)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.addWidget(self._label)
        row.addWidget(self._cancel)
        tasks.changed.connect(self._update)
        self._update()

    def text(self) -> str:
        return self._label.text()

    def _update(self) -> None:
        running = self._tasks.visible()
        self._lane = running[0].lane if running else None
        text = self._say(running) if running else ""
        self._label.setText(text)
        self.setAccessibleName(text or self.tr("No job is running"))
        self._cancel.setAccessibleName(self.tr("Cancel {0}").format(text))
        self._cancel.setVisible(bool(running))

    def _say(self, running: list[Task]) -> str:
        part = running[0].cancel.progress
        figure = "" if part is None else f" {round(part * 100)} %"
        more = f"  +{len(running) - 1}" if len(running) > 1 else ""
        return f"{running[0].title}{figure}{more}"

    def _stop(self) -> None:
        if self._lane is not None:
            self._tasks.cancel(self._lane)
