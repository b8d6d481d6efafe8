"""Applying edits to the user's layers: checked first, journalled before they are committed, undoable after.

``push`` and ``undo`` are the two ways through this room, ``recovery`` the way back after a process was killed.
``address``, ``finding``, ``since``, ``columns``, ``proposal`` and ``twins`` say what an edit of the ledger means in a
layer as it stands; ``apply`` puts it into the edit buffer (``buffer``), one named step a decision, with what comes
along (``shared_vertices``). ``commit`` brings the buffer to the provider, whole decisions only, and ``halves`` keeps a
bad one from taking good ones with it. ``image`` is a feature as the journal keeps it, ``lines`` the journal read back;
``silent_readers`` tells features that are gone from layers that read nothing.
"""
