"""Reminders on the screen: small windows that come by themselves and what can be done in them."""
