"""Tool tips that show what people typed."""

from html import escape


def plain_tip(words: str) -> str:
    """`words` as they were typed: Qt takes a tip with tags for markup."""
    return f"<p style='white-space: pre-wrap'>{escape(words)}</p>" if "<" in words else words
