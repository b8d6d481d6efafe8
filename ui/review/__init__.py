"""The parts of the review dock.

``reading`` is where a reviewer stands in the queue; ``card``, ``actions``, ``filters``, ``tally`` and ``opening`` are
what the dock shows; ``framing``, ``overlay``, ``swipe`` and ``proposal_tool`` what the map does; ``amending`` is a
proposal that the reviewer changes; ``targets`` brings accepted edits into the project's layers, ``columns_dialog``
asks which of their columns take the values. ``panel`` puts the widgets together.
"""
