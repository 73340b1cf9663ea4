"""The models that every app stands on, one file an idea."""

from core.models.files import Document, Image, Rendition
from core.models.furniture import Furniture
from core.models.mail import QueuedMail
from core.models.pages import BasePage
from core.models.robots import Robots
from core.models.users import User

__all__ = ["BasePage", "Document", "Furniture", "Image", "QueuedMail", "Rendition", "Robots", "User"]
