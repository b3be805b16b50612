// Shows how far a task is, and saves a press in the form. Everything works without it.

const EVERY = 1500;

/** Asks for the task until it has ended, then shows the page with its report. */
async function follow(step) {
  try {
    const reply = await fetch("taak", { headers: { accept: "application/json" }, redirect: "error" });
    if (reply.ok) {
      const task = await reply.json();
      if (!task.loopt) return location.reload();
      if (task.stap && step.textContent !== task.stap) step.textContent = task.stap;
    }
  } catch {
    // The server is away for a moment, or nobody is signed in any more: the link on the page still works.
  }
  setTimeout(follow, EVERY, step);
}

// Who fills in a field of one of the choices has chosen it.
for (const choice of document.querySelectorAll(".choice")) {
  /** @type {HTMLInputElement} */
  const radio = choice.querySelector("input[type=radio]");
  choice.addEventListener("input", () => (radio.checked = true));
}

const step = document.getElementById("stap");
if (step) setTimeout(follow, EVERY, step);
