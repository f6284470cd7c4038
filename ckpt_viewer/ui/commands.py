"""What the actions do: functions of the window, which import for themselves what the others do without."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from ckpt_viewer import resources
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.folders.folder import Run, Save
from ckpt_viewer.session.arrival import chosen_in, neighbours, run_of
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.settings import Scheme
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, Line, RunDocument
from ckpt_viewer.session.state import Page as PageName
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.documents.checkpoint_page import CheckpointPage
from ckpt_viewer.ui.focus import go_to, holds, present, target_in
from ckpt_viewer.ui.text_dialog import TextDialog

if TYPE_CHECKING:
    from ckpt_viewer.session.verification_report import Report
    from ckpt_viewer.ui.main_window import MainWindow

Call = Callable[["MainWindow"], None]
# What a widget that holds rows or cells calls its way to the clipboard.
COPYING = ("copy_rows", "copy_cells", "copy")


def open_folder(window: "MainWindow") -> None:
    name = QFileDialog.getExistingDirectory(window, _tr("Open a folder"), str(_start_folder(window)))
    if name:
        window.open_paths([Path(name)])


def open_file(window: "MainWindow") -> None:
    ours = _tr("Checkpoints and graphs (*.index *.meta *.ckpt* *.data-* *.pb *.pbtxt checkpoint)")
    kinds = ";;".join((ours, _tr("All files (*)")))
    names, _ = QFileDialog.getOpenFileNames(window, _tr("Open a file"), str(_start_folder(window)), kinds)
    if names:
        window.open_paths([Path(name) for name in names])


def open_sample(window: "MainWindow") -> None:
    window.open_paths([resources.sample_run()])


def export(window: "MainWindow") -> None:
    page = window.documents.page()
    if not isinstance(page, CheckpointPage):
        return
    if page.opened and (variables := page.chosen()):
        from ckpt_viewer.ui.export_dialog import ExportDialog

        dialog = ExportDialog(window.session, window.tasks, page.opened.files, variables, window)
        dialog.exported.connect(window.say)
        present(dialog)
        if problem := page.doubt():
            dialog.refuse(problem)
    else:
        window.say(_tr("Choose a row of the table to export it."))


def remove_folder(window: "MainWindow") -> None:
    if root := window.session.state.root:
        window.session.remove_root(root)


def close_tab(window: "MainWindow") -> None:
    window.session.close(window.session.state.current)


def close_window(window: "MainWindow") -> None:
    window.close()


def copy(window: "MainWindow") -> None:
    """Whatever has the focus copies what is selected in it."""
    widget: QWidget | None = QApplication.focusWidget()
    while widget is not None:
        for name in COPYING:
            if callable(found := getattr(widget, name, None)):
                found()
                return
        widget = widget.parentWidget()


def copy_path(window: "MainWindow") -> None:
    if path := window.session.state.place:
        QGuiApplication.clipboard().setText(str(path))
        window.say(_tr("Copied the path."))


def reveal(window: "MainWindow") -> None:
    state = window.session.state
    if state.place:
        folder = (state.line and state.line.folder) or state.place.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def focus_filter(window: "MainWindow") -> None:
    page = window.documents.page()
    field = page.filter_field() if page else None
    if field is not None:
        field.setFocus()
        field.selectAll()


def search(window: "MainWindow") -> None:
    """Every action that makes sense now, and the folders opened lately."""
    from ckpt_viewer.ui.command_search import CommandSearch, Offer

    offers = [
        Offer(action.title(), action.keys_text(), action.trigger)
        for action in window.actions_by_name.values()
        if action.isEnabled() and action.command.name != "search"
    ]
    for folder in window.session.settings.remembered.recent:
        offers.append(Offer(_tr("Open {0}").format(folder), "", partial(window.open_paths, [Path(folder)])))
    present(CommandSearch(offers, window))


def back(window: "MainWindow") -> None:
    """On a graph first through its nodes, then through tabs and variables."""
    graph = window.graph_in_front()
    if graph and graph.can_go_back:
        graph.back()
    else:
        window.trail.back()


def forward(window: "MainWindow") -> None:
    graph = window.graph_in_front()
    if graph and graph.can_go_forward:
        graph.forward()
    else:
        window.trail.forward()


def step_tab(by: int) -> Call:
    """To the tab beside the one in front, from the last to the first."""

    def call(window: "MainWindow") -> None:
        state = window.session.state
        keys = [document.key for document in state.documents]
        window.session.change(current=keys[(keys.index(state.current) + by) % len(keys)])

    return call


def step_pane(by: int) -> Call:
    """From the pane that has the focus to another: tree, details, and those of the page in front."""

    def call(window: "MainWindow") -> None:
        page = window.documents.page()
        panes: list[QWidget] = [window.tree, window.details, *(page.panes() if page else [window.welcome])]
        stops = [(pane, part) for pane in panes if (part := target_in(pane))]
        focus = QApplication.focusWidget()
        here = [place for place, (pane, _) in enumerate(stops) if holds(pane, focus)]
        place = here[-1] + by if here else min(by, 0)
        go_to(stops[place % len(stops)][1])

    return call


def show_page(name: PageName) -> Call:
    def call(window: "MainWindow") -> None:
        window.session.update(window.session.state.current, page=name)

    return call


def show_view(title: str) -> Call:
    """The value view of this title, for the variable in front, if it is offered for that."""

    def call(window: "MainWindow") -> None:
        page = window.documents.page()
        if isinstance(page, CheckpointPage) and page.offers_view(title):
            window.session.update(page.key, page="variables", view=title)

    return call


def step_slice(by: int) -> Call:
    def call(window: "MainWindow") -> None:
        from ckpt_viewer.ui.widgets.axis_bar import AxisBar

        page = window.documents.page()
        bars = page.findChildren(AxisBar) if page else []
        if shown := [bar for bar in bars if bar.isVisible()]:
            shown[0].step(by)

    return call


def use_scheme(scheme: Scheme) -> Call:
    def call(window: "MainWindow") -> None:
        window.session.settings.change(scheme=scheme)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, scheme)

    return call


def open_selected(window: "MainWindow") -> None:
    window.tree.open_selected()


def previous(window: "MainWindow") -> None:
    window.stepping.step(-1)


def following(window: "MainWindow") -> None:
    window.stepping.step(1)


def scan_values(window: "MainWindow") -> None:
    page = window.documents.page()
    if isinstance(page, CheckpointPage):
        page.variables.scan_values()


def verify(window: "MainWindow") -> None:
    """In a lane of the checkpoint's tab: closing that ends it."""
    path, line = subject(window), window.session.state.line
    if path is None:
        return

    def show(report: "Report") -> None:
        window.session.keep_verification(path, report.found)
        _show_report(window, path, report)

    window.tasks.start(
        (CheckpointDocument(path).key, "verify"),
        partial(_verified, window.session.provider, path, line),
        done=show,
        failed=window.show_failure,
        title=_tr("Verifying {0}").format(printable(path.name)),
    )


def rescan(window: "MainWindow") -> None:
    """Look at the folders again, and at what could not be opened."""
    window.tree.rescan()
    window.details.refresh()
    if page := window.documents.page():
        page.retry()


def cancel(window: "MainWindow") -> None:
    """In a filter: clear it, then leave it; anywhere else: stop the work under way."""
    page = window.documents.page()
    field = page.filter_field() if page else None
    if page is None or field is None or not field.hasFocus():
        window.tasks.cancel_titled()
    elif field.text():
        field.clear()
    else:
        page.focus_pane(0)


def compare(window: "MainWindow") -> None:
    window.session.compare(*window.tree.older_first(*window.session.state.selected))


def compare_with_previous(window: "MainWindow") -> None:
    path = subject(window)
    if path is None:
        return

    def show(found: tuple[Save | None, Save | None]) -> None:
        if found[0] is None:
            window.say(_tr("This is the first save of its run."))
        else:
            window.session.compare(found[0].path, path)

    work = partial(neighbours, window.session.provider, path)
    window.tasks.start(("step", "neighbours"), work, done=show, failed=window.show_failure)


def run_over_time(window: "MainWindow") -> None:
    """The run selected, else that of the save selected, in front or B there; with the variable in front."""
    front, line = window.session.state.document, window.session.state.line
    path = subject(window) or (front.b if isinstance(front, ComparisonDocument) else None)
    if line is not None and line.folder and line.run is not None:
        _show_run(window, line.folder, line.run)
    elif path is not None:

        def show(run: Run | None) -> None:
            if run is None:
                window.say(_tr("This save belongs to no run."))
            else:
                _show_run(window, run.folder, run.name)

        work = partial(run_of, window.session.provider, path)
        window.tasks.start(("step", "run"), work, done=show, failed=window.show_failure)


def compare_mode(mode: str) -> Call:
    def call(window: "MainWindow") -> None:
        window.session.update(window.session.state.current, mode=mode)

    return call


def step_difference(by: int) -> Call:
    def call(window: "MainWindow") -> None:
        from ckpt_viewer.ui.documents.comparison_page import ComparisonPage

        page = window.documents.page()
        if isinstance(page, ComparisonPage):
            page.comparison.next_difference(by)

    return call


def show_side(side: int) -> Call:
    return lambda window: window.session.show_side(side)


def show_identical(window: "MainWindow") -> None:
    document = window.session.state.document
    if isinstance(document, ComparisonDocument):
        shown = "different" if document.shown == "all" else "all"
        window.session.update(document.key, shown=shown)


def variable_in_graph(window: "MainWindow") -> None:
    page = window.documents.page()
    if isinstance(page, CheckpointPage) and not page.show_in_graph():
        window.say(_tr("No op of the graph holds this variable."))


def show_keys(window: "MainWindow") -> None:
    lines = [
        f"{action.keys_text():<16}{action.title()}"
        for action in window.actions_by_name.values()
        if action.keys_text()
    ]
    present(TextDialog(_tr("Keys"), "\n".join(lines), window))


def about(window: "MainWindow") -> None:
    version = QCoreApplication.applicationVersion()
    text = _tr("ckpt-viewer {0}\nSee what is in a folder of TensorFlow checkpoints, without TensorFlow.")
    present(TextDialog(_tr("About"), text.format(version), window))


def subject(window: "MainWindow") -> Path | None:
    """The checkpoint an action is about: what the tree's line is or holds, else the one in front."""
    found = window.session.state.subject
    return found.path if isinstance(found, CheckpointDocument) else None


def _show_run(window: "MainWindow", folder: Path, name: str) -> None:
    variable = chosen_in(window.session.state.document, folder)
    document = RunDocument(folder, name)
    window.session.show(document)
    if variable:
        window.session.update(document.key, variable=variable)


def _verified(provider: Provider, path: Path, line: Line | None, cancel: CancelToken) -> "Report":
    from ckpt_viewer.session.verification import verified, with_beside
    from ckpt_viewer.session.verification_report import Report

    found = verified(provider, path, cancel)
    if line and line.folder:
        found = with_beside(found, provider, line.folder, line.run, cancel)
    return Report.of(found)


def _show_report(window: "MainWindow", path: Path, report: "Report") -> None:
    from ckpt_viewer.ui.verification import VerificationDialog

    for older in window.findChildren(VerificationDialog):
        if older.path == path:
            older.close()
    folder = Path(window.session.settings.remembered.export_folder or Path.home())
    dialog = VerificationDialog(window.tasks, path, report, folder, window)
    dialog.variable_chosen.connect(window.session.show_variable)
    present(dialog)


def _start_folder(window: "MainWindow") -> Path:
    recent = window.session.settings.remembered.recent
    return Path(recent[0]).parent if recent else Path.home()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
