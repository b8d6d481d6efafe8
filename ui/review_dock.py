"""The review dock: the next most valuable item, and a decision on it by one key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsProject, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QCloseEvent, QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import QWidget

from ..core.errors import GeoLoopError
from ..core.ledger import queue as table
from ..core.ledger.amendments import Amendment
from ..core.ledger.queue import PageItem
from ..core.ledger.queue_filter import EVERYTHING, Wanted, choices
from ..core.review.ground_scale import metres_per_unit
from ..processing_provider.editing.cut_off import mend
from ..processing_provider.translation import tr
from .review.amending import can_be_amended
from .review.columns_dialog import ColumnsDialog
from .review.framing import Framing
from .review.keys import CONTROL, PLAIN, Keys
from .review.opening import make_queue
from .review.panel import LEDGER, OPENING, REVIEWER, REVIEWING, Panel
from .review.reading import Reading, opened
from .review.stopwatch import Stopwatch
from .review.targets import Targets
from .review.uncovered import uncover

RECOUNT_MS = 1500
"""So long after a step others' decisions are looked for: counting would be felt between two keys."""


class ReviewDock(Panel):
    """Review of one ledger over a map. Everything it does is a call that an algorithm could make too."""

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(canvas, parent)
        self._canvas = canvas
        self.reading: Reading | None = None
        self._targets: Targets | None = None
        self._along: set[int] = set()
        self._is_filtered = False
        self._shown_page: tuple[Path, int] | None = None
        self._watch = Stopwatch()
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(RECOUNT_MS)
        self._bind_keys()
        self._connect()
        self.say("")

    # ------------------------------------------------------------------ the ledger

    def open_ledger(self, path: str | Path) -> None:
        """Open a ledger and go to the first open item of its queue; say what is wrong if that cannot be."""
        self.close_ledger()
        path = Path(path)
        with self._telling():
            with opened(path) as ledger:
                framing = Framing(self._canvas, ledger.crs_wkt(), metres_per_unit(ledger))
                has_queue = table.pages(ledger) > 0
                mend({address for _, address in [*ledger.target_layers(), *ledger.journal.pushed_into()]})
            self.reading, self._targets = Reading(path), Targets(path, self.say)
            self.map_view.open(framing, self._targets, self.reading)
            self.opening.show_path(path)
            QgsSettings().setValue(LEDGER, str(path))
            if has_queue:
                self._begin()
            else:
                self.opening.ask_for_queue(path)
        self._enable()

    def close_ledger(self) -> None:
        """Put everything away that belongs to the ledger."""
        self.leave_amending()
        self.filters.let_go()
        self.map_view.close()
        if self._targets is not None:
            self._targets.let_go()
        self.reading = self._targets = None
        self._along = set()
        self.stack.setCurrentIndex(OPENING)
        self.opening.ask_for_ledger()
        self.say("")
        self._enable()

    def make_queue(self, size: int) -> None:
        """Make the ledger's next queue and begin with it."""
        if self.reading is None:
            return
        with self._telling():
            told = make_queue(self.reading.path, size)
            self._begin()
            self.say(" ".join(filter(None, (told, self.message.text()))))

    def use_filter(self, wanted: Wanted) -> None:
        """Show only what is wanted, from the most valuable on."""
        if self.reading is None:
            return
        self.leave_amending()
        self._is_filtered = wanted != EVERYTHING
        self.filter_button.setText(tr("Filter •") if self._is_filtered else tr("Filter"))
        with self._telling():
            self._start_over(wanted)

    # ------------------------------------------------------------------ the decisions

    def decide(self, decision: str, amendment: Amendment | None = None) -> None:
        """Record the decision on the item, and on those taken along, and go on."""
        reading, targets = self.reading, self._targets
        if reading is None or targets is None or reading.current is None:
            return
        chosen = self._chosen_items()
        with self._telling():
            self._check_together(chosen, decision)
            seconds = self._watch.seconds()
            try:
                with opened(reading.path) as ledger:
                    table.decide(ledger, [item.rank for item in chosen], decision, reason=self.note.text().strip(),
                                 reviewer=self.reviewer.text().strip(), seconds=round(seconds / len(chosen), 3),
                                 amendment=amendment, seen=chosen)
            except table.QueueMadeAnewError:
                self.leave_amending()
                self._start_over(reading.wanted)
                raise
            self.leave_amending()
            self.note.clear()
            reading.note([item.rank for item in chosen], decision, amendment)
            self.tally.took(len(chosen), sum(not item.decision for item in chosen), seconds)
            said = [targets.follow(item, decision) for item in chosen]
            try:
                reading.advance()
            except GeoLoopError as error:  # what is shown as decided is not decided once more
                said.append(str(error))
            self._watch.restart()
            self._show()
            self.say(" ".join(text for text in said if text))

    def amend(self) -> None:
        """Let the reviewer change what is proposed."""
        item = self.reading.current if self.reading else None
        if item is None or self._targets is None or not can_be_amended(item):
            return
        self.map_view.swipe.switch(False)
        with self._telling():
            self.amending.begin(item, self.map_view.framing, self._targets.layer(item.layer))
            self.map_view.is_frozen = True
            self.actions.show_amending(True)
            self._canvas.setFocus()

    def accept_amended(self) -> None:
        """Accept the proposal as it was changed; the change stays on the map until it is recorded."""
        with self._telling():
            amendment = self.amending.outcome()
            self._along = set()
            self.decide("accept", amendment)

    def leave_amending(self) -> None:
        """Put a change away that was not accepted."""
        if self.actions.is_amending():
            self.actions.show_amending(False)
            self.amending.end()
            self.widget().setFocus()
            self.map_view.is_frozen = False
            self.map_view.draw()

    def skip(self) -> None:
        """Go on without a decision."""
        self._leave_item()
        self._move(lambda reading: reading.skip())

    def back(self) -> None:
        """Go back to the item before."""
        self._leave_item()
        self._move(lambda reading: reading.back())

    def choose(self, at: int) -> None:
        """Look at another item of the page."""
        self._move(lambda reading: reading.choose(at))

    def take_along(self, at: int | None = None) -> None:
        """Let an item of the page (by default the one looked at) share the next decision, or no longer."""
        reading = self.reading
        if reading is None or reading.current is None or len(reading.items) < 2:
            return
        here = reading.items.index(reading.current)
        at = here if at is None else at
        self._along ^= {at}
        if at == here and at in self._along:
            rest = [n for n in range(len(reading.items)) if n not in self._along and not reading.items[n].decision]
            if rest:
                reading.choose(next((n for n in rest if n > here), rest[0]))
        self._show()

    # ------------------------------------------------------------------ the layers

    def push(self, layer: str) -> None:
        """Push what is accepted into a layer of the project."""
        with self._telling():
            if self._targets is not None:
                self.say(self._targets.push(layer))

    def undo_push(self, layer: str) -> None:
        """Take the last push into a layer of the project back."""
        with self._telling():
            if self._targets is not None:
                self.say(self._targets.undo(layer))

    def ask_for_columns(self, layer: str) -> ColumnsDialog | None:
        """Ask which columns of a layer of the project take what the ledger proposes."""
        with self._telling():
            return self._targets.ask_for_columns(layer, self) if self._targets is not None else None
        return None

    # ------------------------------------------------------------------ leaving

    def let_go(self) -> None:
        """Leave nothing behind: on the map, in the project, in the keyboard."""
        self.close_ledger()
        self.keys.stop()
        self.amending_keys.stop()
        QgsProject.instance().cleared.disconnect(self.close_ledger)
        self.map_view.let_go()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leave_amending()
        super().closeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._watch.pause()
        self.map_view.set_visible(False)
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._watch.go_on()
        self.map_view.set_visible(True)
        super().showEvent(event)

    # ------------------------------------------------------------------ inside

    def _begin(self) -> None:
        if self.reading is None:
            return
        with opened(self.reading.path) as ledger:
            offered, imagery = choices(ledger), ledger.imagery()
        self.filters.offer(offered, self.map_view.framing)
        covering = uncover(QgsProject.instance(), imagery)
        self.use_filter(EVERYTHING)
        if covering:
            self.say(tr("Switched off in the list of layers, as it lies over the imagery: {layers}.").format(
                layers=", ".join(covering)))

    def _start_over(self, wanted: Wanted) -> None:
        self._along = set()
        self._leave_item()
        self.reading.begin(wanted)
        self._count()
        self._show(frame_anew=True)

    def _leave_item(self) -> None:
        """What was noted and the seconds that were spent are of the item that is left."""
        self.note.clear()
        self._watch.restart()

    def _move(self, step) -> None:
        if self.reading is None:
            return
        self.leave_amending()
        with self._telling():
            step(self.reading)
            self.say("")
            self._show()

    def _chosen_items(self) -> list[PageItem]:
        items, current = self.reading.items, self.reading.current
        return [item for at, item in enumerate(items) if at in self._along or item is current]

    def _check_together(self, chosen: list[PageItem], decision: str) -> None:
        sources = {item.layer: self._targets.source(item.layer) for item in chosen}
        for_osm = [name for name, source in sources.items() if source is not None and source.is_openstreetmap]
        if decision == "accept" and len(chosen) > 1 and for_osm:
            self._along = set()
            self._show()
            raise GeoLoopError(tr("“{layer}” is OpenStreetMap's, which wants each object judged by itself: accept them "
                                  "one by one.").format(layer=for_osm[0]))

    def _show(self, *, frame_anew: bool = False) -> None:
        reading = self.reading
        if reading is None:
            return
        item = reading.current
        if item is None:
            self.map_view.swipe.switch(False)
            self.map_view.draw()
            self.stack.setCurrentIndex(OPENING)
            self.opening.say_finished(reading.path, self._is_filtered)
            self._enable()
            return
        page_changed = self._shown_page != (reading.path, item.page)
        if page_changed:
            self._along = set()
            self._shown_page = (reading.path, item.page)
        if self.stack.currentIndex() != REVIEWING:
            self.stack.setCurrentIndex(REVIEWING)
            self.widget().setFocus()  # so that the first key is a decision
        self.card.show_item(item, self._targets.source(item.layer),
                            self.map_view.values_in_layer(item))
        self.strip.show_page(reading.items, reading.items.index(item), self._along)
        told = self.map_view.show(item, anew=frame_anew or page_changed)
        if told:
            self.say(told)
        self._enable()
        if page_changed:
            self._watch.restart()
        if self.tally.is_stale:
            self._recount.start()

    def _count(self) -> None:
        if self.reading is not None:
            with opened(self.reading.path) as ledger:
                self.tally.count(ledger, self.reading.wanted)

    def _refresh_tally(self) -> None:
        if self.reading is None:
            return
        try:
            with opened(self.reading.path) as ledger:
                self.tally.refresh(ledger, self.reading.wanted)
        except GeoLoopError:
            pass  # the next step says it, if it still holds

    def _enable(self) -> None:
        reading = self.reading
        item = reading.current if reading is not None else None
        self.actions.back.setEnabled(reading is not None and reading.can_go_back)
        self.actions.amend.setEnabled(item is not None and can_be_amended(item))
        self.filter_button.setEnabled(reading is not None)
        self.layers_button.setEnabled(reading is not None)
        if reading is None:
            self.filter_button.setChecked(False)

    def _fill_layers_menu(self) -> None:
        with self._telling():
            if self.reading is not None and self._targets is not None:
                with opened(self.reading.path) as ledger:
                    names = [name for name, _ in ledger.target_layers()]
                self.layers_menu.fill({name: self._targets.due(name) for name in names})

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell an error in one sentence and leave the reviewer where they are."""
        try:
            yield
        except GeoLoopError as error:
            self.say(str(error), is_trouble=True)

    def _bind_keys(self) -> None:
        keys = Qt.Key
        here = {
            (keys.Key_A, PLAIN): lambda: self.decide("accept"), (keys.Key_R, PLAIN): lambda: self.decide("reject"),
            (keys.Key_U, PLAIN): lambda: self.decide("unsure"), (keys.Key_E, PLAIN): self.amend,
            (keys.Key_B, PLAIN): self.back, (keys.Key_Backspace, PLAIN): self.back, (keys.Key_S, PLAIN): self.skip,
            (keys.Key_W, PLAIN): self.actions.swipe.toggle, (keys.Key_F, PLAIN): self.map_view.zoom_to_item,
            (keys.Key_T, PLAIN): self.take_along, (keys.Key_N, PLAIN): self.note.setFocus,
        }
        numbers = (keys.Key_1, keys.Key_2, keys.Key_3, keys.Key_4, keys.Key_5, keys.Key_6, keys.Key_7, keys.Key_8)
        here |= {(key, PLAIN): lambda at=at: self.choose(at) for at, key in enumerate(numbers)}
        self.keys = Keys(here, self._is_reviewing, self)
        self.amending_keys = Keys({
            (keys.Key_Return, PLAIN): self.accept_amended, (keys.Key_Enter, PLAIN): self.accept_amended,
            (keys.Key_Escape, PLAIN): self.leave_amending, (keys.Key_Z, CONTROL): self.amending.tool.step_back,
        }, self.actions.is_amending, self, while_writing=True)

    def _is_reviewing(self) -> bool:
        return self.reading is not None and self.reading.current is not None and not self.actions.is_amending() and (
            self.isVisible())

    def _connect(self) -> None:
        self.opening.ledger_chosen.connect(self.open_ledger)
        self.opening.queue_wanted.connect(self.make_queue)
        self.filters.wanted.connect(self.use_filter)
        self.filters.trouble.connect(lambda text: self.say(text, is_trouble=True))
        self.filter_button.toggled.connect(self.filters.setVisible)
        self.layers_menu.aboutToShow.connect(self._fill_layers_menu)
        self.layers_menu.push_wanted.connect(self.push)
        self.layers_menu.undo_wanted.connect(self.undo_push)
        self.layers_menu.columns_wanted.connect(self.ask_for_columns)
        self.layers_menu.queue_wanted.connect(lambda: self.make_queue(self.opening.queue_size.value()))
        self.layers_menu.close_wanted.connect(self.close_ledger)
        self.strip.chosen.connect(self.choose)
        self.strip.taken_along.connect(self.take_along)
        self.actions.decided.connect(self.decide)
        self.actions.asked_to_amend.connect(self.amend)
        self.actions.amended.connect(self.accept_amended)
        self.actions.amending_left.connect(self.leave_amending)
        self.actions.asked_back.connect(self.back)
        self.actions.asked_to_skip.connect(self.skip)
        self.actions.asked_to_frame.connect(self.map_view.zoom_to_item)
        self.actions.swipe_switched.connect(self.map_view.swipe.switch)
        self.map_view.swipe.switched.connect(self.actions.swipe.setChecked)
        self.map_view.crs_changed.connect(self.leave_amending)
        self.reviewer.editingFinished.connect(lambda: QgsSettings().setValue(REVIEWER, self.reviewer.text().strip()))
        self.note.returnPressed.connect(self.widget().setFocus)
        self._recount.timeout.connect(self._refresh_tally)
        for listener in (self.keys, self.amending_keys):
            listener.listen_to(self)
            listener.listen_to(self._canvas)
        QgsProject.instance().cleared.connect(self.close_ledger)
