"""The ops of a graph by type: their names get the room that the other columns leave."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QTreeView

from ckpt_viewer.ui.item_models.graph_ops import DEVICE, HEADERS, NODES, GraphOpsModel, Nodes
from ckpt_viewer.ui.widgets.name_elision import NameDelegate

MOST_DEVICE = 160  # pixels
_ROOM = 18  # around a text


class OpsView(QTreeView):
    """Shows devices where most nodes have one, else when asked to by the menu of its rows or titles."""

    def __init__(self, model: GraphOpsModel) -> None:
        super().__init__()
        self._asked: bool | None = None
        self._show = QAction(self.tr("Show devices"), self, checkable=True)
        self._show.triggered.connect(self._ask)
        self.setModel(model)
        self.setItemDelegateForColumn(0, NameDelegate(self))
        header = self.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for part in (self, header):
            part.addAction(self._show)
            part.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._show_devices(False)

    def fit_counts(self, nodes: Nodes) -> None:
        """The list of another graph; its devices are looked up later."""
        self._fit(NODES, [f"{len(nodes.all):,}"])
        self._show_devices(bool(self._asked))

    def fit_devices(self, nodes: Nodes) -> None:
        self._fit(DEVICE, nodes.devices.words, MOST_DEVICE)
        without = nodes.devices.counts().get("", 0)
        mostly = 2 * without < len(nodes.all)
        self._show_devices(mostly if self._asked is None else self._asked)

    def _fit(self, column: int, texts: list[str] | tuple[str, ...], most: int = 1000) -> None:
        widest = max(map(self.fontMetrics().horizontalAdvance, (HEADERS[column], *texts)))
        self.header().resizeSection(column, min(widest + _ROOM, most))

    def _ask(self, shown: bool) -> None:
        self._asked = shown
        self._show_devices(shown)

    def _show_devices(self, shown: bool) -> None:
        self.setColumnHidden(DEVICE, not shown)
        self._show.setChecked(shown)
