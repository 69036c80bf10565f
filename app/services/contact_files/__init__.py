"""Contacts from vCard files into the store, and from the store to such files.

`plan` looks at files and says of each card what would become of it, `importing` does it in one step, `exporting` writes
files. What a card says is read by `app.services.cards`, in the child process of `app.services.foreign`.
"""
