"""Applying edits to the user's layers: checked first, journalled before they are committed, undoable after.

``plan`` comes from the ledger; ``proposal``, ``columns`` and ``finding`` say what an edit means in this layer;
``apply`` and ``revert`` put it into the edit buffer; ``commit`` brings the buffer to the provider, whole decisions
only; ``push`` and ``undo`` are the two ways through all of them.
"""
