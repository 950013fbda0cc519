/** JSON texts, one a line, as they come. The last may lack its end of line; one that was cut is passed over with the rest of the stream. */
export async function* linesIn<Line>({ body }: Response): AsyncGenerator<Line> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Line;
    if (done) return;
  }
}
