"""The twin: the pages of Portal in plain Wagtail, as its own documentation teaches, to measure Portal against.

It follows the project template of ``wagtail start``, the tutorials "Your first Wagtail site" and "Customize your
site", and the pages on internationalisation and StreamField, and does what they say and no more: nothing in it is
slowed down, and nothing is tuned. It has one thing from Portal: the same settings of SQLite.
"""
