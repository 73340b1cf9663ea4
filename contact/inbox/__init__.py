"""The inbox of enquiries in the admin."""
