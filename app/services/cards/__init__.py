"""Contacts as other programs exchange them: vCard 2.1, 3.0 and 4.0 read, 3.0 and 4.0 written; no database here."""
