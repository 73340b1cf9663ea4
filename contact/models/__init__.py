"""The contact page, the departments that answer, and what readers write."""

from contact.models.departments import Department
from contact.models.enquiries import Enquiry, ThreadEntry, new_reference
from contact.models.pages import ContactPage

__all__ = ["ContactPage", "Department", "Enquiry", "ThreadEntry", "new_reference"]
