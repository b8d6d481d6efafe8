"""The engine seen from QGIS: where its interpreter is, how it is made, and how jobs are sent to it.

Nothing in this folder but ``interpreter`` imports QGIS.
"""
