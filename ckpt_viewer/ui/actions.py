"""Everything the user can do, as one table: menus, toolbar and command search are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence, QShortcut

from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, State
from ckpt_viewer.ui import commands
from ckpt_viewer.ui.icons import icon
from ckpt_viewer.ui.value_views import VALUE_VIEWS

if TYPE_CHECKING:
    from ckpt_viewer.ui.main_window import MainWindow

CONTEXT = "Actions"


def always(state: State) -> bool:
    return True


def tab(state: State) -> bool:
    return state.document is not None


def tabs(state: State) -> bool:
    return len(state.documents) > 1


def checkpoint(state: State) -> bool:
    return isinstance(state.document, CheckpointDocument)


def variable(state: State) -> bool:
    return isinstance(state.document, CheckpointDocument) and state.document.variable is not None


def comparison(state: State) -> bool:
    return isinstance(state.document, ComparisonDocument)


def pair_in(side: int) -> Callable[[State], bool]:
    """The chosen row of a comparison has a variable on this side."""

    def enabled(state: State) -> bool:
        document = state.document
        return isinstance(document, ComparisonDocument) and document.chosen_in(side) is not None

    return enabled


def steps(state: State) -> bool:
    return checkpoint(state) or comparison(state)


def one(state: State) -> bool:
    """The line of the tree, or else the tab in front, is or holds a checkpoint."""
    return isinstance(state.subject, CheckpointDocument)


def place(state: State) -> bool:
    return state.place is not None


def run(state: State) -> bool:
    """One of these belongs to a run: a save selected, in front or compared there, or the line of a run."""
    return one(state) or comparison(state) or bool(state.line and state.line.run)


def picked(state: State) -> bool:
    return bool(state.selected) or bool(state.line and state.line.document)


def root(state: State) -> bool:
    return state.root is not None


def two(state: State) -> bool:
    return len(state.selected) == 2


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table.

    Attributes:
        keys: Its shortcuts everywhere in the window; text fields keep those that are letters.
        enabled: Whether it makes sense now.
        needs: What its tool tip adds, and its keys say in the status bar, where it does not.
        tip: Its tool tip, where the text alone could be taken for something else.
    """

    name: str
    menu: str
    text: str
    call: "Callable[[MainWindow], None]"
    keys: str = ""
    icon: str = ""
    enabled: Callable[[State], bool] = always
    needs: str = ""
    tip: str = ""


FILE = "&File"
EDIT = "&Edit"
VIEW = "&View"
CHECKPOINT = "&Checkpoint"
COMPARE = "C&ompare"
GRAPH = "&Graph"
HELP = "&Help"
MENUS = (FILE, EDIT, VIEW, CHECKPOINT, COMPARE, GRAPH, HELP)

LOOKS_AGAIN = "List the folders again; open tabs keep the values they have read until Reload"
NEEDS_TWO = "Select two saves in the tree (Ctrl+click) to compare them."
NEEDS_ROOT = "Select one of the folders at the top of the tree to take it off."

COMMANDS = (
    Command("open_folder", FILE, "&Open folder…", commands.open_folder, "Ctrl+O", icon="folder"),
    Command("open_file", FILE, "Open &file…", commands.open_file, "Ctrl+Shift+O", icon="file"),
    Command("open_sample", FILE, "Open the &sample", commands.open_sample),
    Command("export", FILE, "&Export…", commands.export, "Ctrl+E", icon="export", enabled=variable),
    Command(
        "remove_folder",
        FILE,
        "&Remove folder from the list",
        commands.remove_folder,
        enabled=root,
        needs=NEEDS_ROOT,
    ),
    Command("close_tab", FILE, "&Close tab", commands.close_tab, "Ctrl+W", enabled=tab),
    Command("quit", FILE, "&Quit", commands.close_window, "Ctrl+Q"),
    Command("copy", EDIT, "&Copy", commands.copy, "Ctrl+C", icon="copy"),
    Command("copy_path", EDIT, "Copy &path", commands.copy_path, enabled=place),
    Command("filter", EDIT, "&Filter variables", commands.focus_filter, "Ctrl+F", enabled=tab),
    Command("search", EDIT, "Command &search…", commands.search, "Ctrl+K", icon="search"),
    Command("back", VIEW, "&Back", commands.back, "Alt+Left", icon="back"),
    Command("forward", VIEW, "&Forward", commands.forward, "Alt+Right", icon="forward"),
    Command("next_tab", VIEW, "Next &tab", commands.step_tab(1), "Ctrl+Tab; Ctrl+PgDown", "", tabs),
    Command(
        "previous_tab", VIEW, "Previous tab", commands.step_tab(-1), "Ctrl+Shift+Tab; Ctrl+PgUp", "", tabs
    ),
    Command("next_pane", VIEW, "Next &pane", commands.step_pane(1), "F6"),
    Command("previous_pane", VIEW, "Previous pane", commands.step_pane(-1), "Shift+F6"),
    Command("show_variables", VIEW, "&Variables", commands.show_page("variables"), "Ctrl+1", "", checkpoint),
    Command("show_graph", VIEW, "&Graph", commands.show_page("graph"), "Ctrl+2", "", checkpoint),
    Command("show_summary", VIEW, "&Summary", commands.show_page("summary"), "Ctrl+3", "", checkpoint),
    *(
        Command(f"view_{number}", VIEW, view.title, commands.show_view(view.title), str(number), "", variable)
        for number, view in enumerate(VALUE_VIEWS, start=1)
    ),
    Command("previous_slice", VIEW, "Previous slice", commands.step_slice(-1), ",", "", steps),
    Command("next_slice", VIEW, "Next slice", commands.step_slice(1), ".", "", steps),
    Command("theme_system", VIEW, "Colours as the system", commands.use_scheme("system")),
    Command("theme_light", VIEW, "Light colours", commands.use_scheme("light")),
    Command("theme_dark", VIEW, "Dark colours", commands.use_scheme("dark")),
    Command("open_selected", CHECKPOINT, "&Open", commands.open_selected, icon="checkpoint", enabled=picked),
    Command("previous", CHECKPOINT, "&Previous checkpoint", commands.previous, "[", enabled=steps),
    Command("next", CHECKPOINT, "&Next checkpoint", commands.following, "]", enabled=steps),
    Command("scan_values", CHECKPOINT, "&Scan values", commands.scan_values, enabled=checkpoint),
    Command("verify", CHECKPOINT, "&Verify", commands.verify, icon="verify", enabled=one),
    Command("run_over_time", CHECKPOINT, "&Run over time", commands.run_over_time, "Ctrl+T", "timeline", run),
    Command("reveal", CHECKPOINT, "Show in the file &manager", commands.reveal, enabled=place),
    Command("rescan", CHECKPOINT, "&Look again", commands.rescan, "F5", icon="reload", tip=LOOKS_AGAIN),
    Command("cancel", CHECKPOINT, "&Cancel what is running", commands.cancel, "Esc"),
    Command("compare", COMPARE, "&Compare", commands.compare, "Ctrl+D", "compare", two, NEEDS_TWO),
    Command(
        "compare_previous", COMPARE, "Compare with the &previous", commands.compare_with_previous, enabled=one
    ),
    Command("mode_a", COMPARE, "Only A", commands.compare_mode("a"), "A", "", comparison),
    Command("mode_b", COMPARE, "Only B", commands.compare_mode("b"), "B", "", comparison),
    Command("mode_swipe", COMPARE, "Swipe", commands.compare_mode("swipe"), "S", "", comparison),
    Command(
        "mode_difference", COMPARE, "Difference", commands.compare_mode("difference"), "D", "", comparison
    ),
    Command("mode_blink", COMPARE, "Blink", commands.compare_mode("blink"), "X", "", comparison),
    Command("mode_side", COMPARE, "Side by side", commands.compare_mode("side"), "W", "", comparison),
    Command("up", COMPARE, "Previous difference", commands.step_difference(-1), "Ctrl+Up", "", comparison),
    Command("down", COMPARE, "Next difference", commands.step_difference(1), "Ctrl+Down", "", comparison),
    Command("show_in_a", COMPARE, "Show in &A", commands.show_side(0), enabled=pair_in(0)),
    Command("show_in_b", COMPARE, "Show in &B", commands.show_side(1), enabled=pair_in(1)),
    Command("show_identical", COMPARE, "&Identical", commands.show_identical, "Ctrl+H", "", comparison),
    Command("variable_in_graph", GRAPH, "Op of the &variable", commands.variable_in_graph, enabled=variable),
    Command("keys", HELP, "&Keys", commands.show_keys, "F1"),
    Command("about", HELP, "&About", commands.about),
)
TOOLBAR = ("open_folder", "compare", "export", "verify", "|", "back", "forward", ">", "search")
CONTEXT_MENU = (
    "open_selected",
    "compare",
    "compare_previous",
    "run_over_time",
    "verify",
    "copy_path",
    "reveal",
    "remove_folder",
)


class BoundAction(QAction):
    """A row of the table in one window."""

    def __init__(self, command: Command, window: "MainWindow") -> None:
        super().__init__(translated(command.text), window)
        self.command = command
        self._window = window
        self.setObjectName(command.name)
        self.setShortcuts(QKeySequence.listFromString(command.keys))
        self.draw_icon()
        self.triggered.connect(self._call)
        if command.tip:
            self.setToolTip(translated(command.tip))
        if command.needs:
            self._instead = QShortcut(window)  # Qt keeps keys from an action that is disabled
            self._instead.setKeys(self.shortcuts())
            self._instead.activated.connect(self._say_needs)

    def draw_icon(self) -> None:
        if self.command.icon:
            self.setIcon(icon(self.command.icon))

    def allow(self, allowed: bool) -> None:
        self.setEnabled(allowed)
        if needs := self.command.needs:
            self._instead.setEnabled(not allowed)
            lines = [self.title_and_keys(), *([] if allowed else [translated(needs)])]
            self.setToolTip("\n".join(lines))

    def title(self) -> str:
        """The text without mnemonics."""
        return self.text().replace("&", "")

    def keys_text(self) -> str:
        """The first of its shortcuts."""
        return self.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def title_and_keys(self) -> str:
        title, keys = self.title().rstrip("…"), self.keys_text()
        return f"{title} ({keys})" if keys else title

    def _say_needs(self) -> None:
        self._window.say(translated(self.command.needs))

    def _call(self) -> None:
        self.command.call(self._window)


def build(window: "MainWindow") -> dict[str, BoundAction]:
    """The window's actions by name; those with a key work wherever the focus is."""
    made = {command.name: BoundAction(command, window) for command in COMMANDS}
    window.addActions(list(made.values()))
    return made


def enable(actions: Mapping[str, BoundAction], state: State) -> None:
    for action in actions.values():
        action.allow(action.command.enabled(state))


def translated(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
