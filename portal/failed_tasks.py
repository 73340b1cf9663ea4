"""What is said in the log of a background task that failed; ``db_worker --verbosity 0`` silences its own loggers."""

import logging

from django_tasks import TaskResultStatus

logger = logging.getLogger("portal.tasks")
A_FRAME = '  File "'


def tell(task_result, **kwargs):
    """Say which task failed, at which error and where in the code; the error's own words may have an address in them.

    Args:
        task_result: django-tasks' ``TaskResult``, of a task that has ended.
    """
    if task_result.status == TaskResultStatus.FAILED:
        error = task_result.errors[-1]
        frames = [line for line in error.traceback.splitlines() if line.startswith(A_FRAME)]
        # Without arguments, which reports to Sentry leave out.
        logger.error("\n".join([f"{task_result.task.module_path} failed: {error.exception_class_path}", *frames]))
