"""What stands in a mail that was saved as a file: .eml, .msg, and winmail.dat within either.

Called in the child process only (`app.services.foreign.mail_files`): these files come from anywhere.
"""
