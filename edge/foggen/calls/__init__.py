"""Running a call: cancellation, deadlines and worker threads."""
