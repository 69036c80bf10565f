"""Files from outside are read by a child process with limits: whatever they do to it, the program goes on.

`reader` has that done, `mail_files`, `pdf_files` and `card_files` are what the rest of the program calls.
"""
