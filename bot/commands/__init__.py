"""The work of each command of ``kongchuo``, imported when it is called."""
