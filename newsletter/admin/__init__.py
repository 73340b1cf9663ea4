"""The newsletter in the admin: issues, subscribers and digests."""
