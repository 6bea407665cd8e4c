// Makes the pages live; without it they are complete, but stand still until they are loaded again.

// Times count from the server's clock: the browser's may be wrong.
const skew = Date.now() - Number(document.documentElement.dataset.now);
const now = () => Date.now() - skew;

const count = (number, unit) => `${number} ${unit}${number === 1 ? "" : "s"} ago`;

/** The words of Moment.swift. */
function relative(date) {
  const seconds = Math.floor((now() - date) / 1000);
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${seconds} seconds ago`;
  if (seconds < 3600) return count(Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return count(Math.floor(seconds / 3600), "hour");
  if (seconds < 30 * 86400) return count(Math.floor(seconds / 86400), "day");
  return `on ${date.toISOString().slice(0, 10)}`;
}

/** The words of Elapsed.swift. */
function elapsed(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  for (const time of document.querySelectorAll("time[data-relative]")) say(time, relative(new Date(time.dateTime)));
  for (const span of document.querySelectorAll("[data-since]")) say(span, elapsed(now() - Number(span.dataset.since)));
}
setInterval(tick, 1000);

/** Follows a run: `log` brings output, `steps` the parts of the page around it, as HTML from the server. */
function follow(path) {
  const source = new EventSource(path);
  const jump = document.querySelector(".jump");
  const output = new Map();
  let frame = 0;

  const isAtEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 48;
  const showJump = () => {
    jump.hidden = isAtEnd() || source.readyState === EventSource.CLOSED || !document.querySelector(".step > .running");
  };

  // Readers who are at the end stay there; everybody else stays where they are.
  function keepingPlace(change) {
    const wasAtEnd = isAtEnd();
    change();
    if (wasAtEnd) scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
    showJump();
  }

  // Output comes in bursts: it goes into the page once a frame.
  function flush() {
    frame = 0;
    keepingPlace(() => {
      for (const [step, html] of output) {
        const log = document.getElementById(`log-${step}`);
        if (log?.childNodes.length === 0) log.parentElement.open = true;
        log?.insertAdjacentHTML("beforeend", html);
      }
      output.clear();
    });
  }

  function replace(part) {
    const old = document.getElementById(part.id);
    if (!old || old.outerHTML === part.outerHTML) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    if (part.dataset.title && part.dataset.label !== old.dataset.label) {
      document.title = part.dataset.title;
      say(document.getElementById("announcer"), part.dataset.label);
    }
    const begins = part.classList.contains("running") && !old.classList.contains("running");
    old.replaceWith(part);
    if (begins && part.parentElement instanceof HTMLDetailsElement) part.parentElement.open = true;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  source.addEventListener("steps", (event) => {
    const template = document.createElement("template");
    template.innerHTML = event.data;
    keepingPlace(() => [...template.content.children].forEach(replace));
  });

  source.addEventListener("log", (event) => {
    const cut = event.data.indexOf("\n");
    const step = event.data.slice(0, cut);
    output.set(step, (output.get(step) ?? "") + event.data.slice(cut + 1));
    frame ||= requestAnimationFrame(flush);
  });

  source.addEventListener("restart", (event) => {
    output.delete(event.data);
    document.getElementById(`log-${event.data}`)?.replaceChildren();
  });

  source.addEventListener("end", () => {
    source.close();
    showJump();
  });

  source.addEventListener("error", () => {
    // A lost connection comes back by itself; one that was refused does not.
    if (source.readyState === EventSource.CLOSED) document.getElementById("interruption").hidden = false;
  });

  addEventListener("scroll", showJump, { passive: true });
  addEventListener("pagehide", () => source.close());
}

const events = document.querySelector("[data-events]");
if (events) follow(events.dataset.events);
