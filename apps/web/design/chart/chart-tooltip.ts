/** What stands beside the pointer of a chart: a heading, and a line for each series. */
export function chartTooltip(
  heading: string,
  lines: readonly { name: string; color: string; value: string }[],
): HTMLElement {
  const box = element("div", "gl-chart-tooltip");
  box.append(element("p", "heading", heading));
  for (const { name, color, value } of lines) {
    const line = element("p", "line");
    const mark = element("span", "mark");
    mark.style.backgroundColor = color;
    line.append(mark, element("span", "name", name), element("span", "value", value));
    box.append(line);
  }
  return box;
}

function element(tag: "div" | "p" | "span", name: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
