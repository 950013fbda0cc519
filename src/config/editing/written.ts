import { type Document, isMap, visit, YAMLMap, YAMLSeq } from 'yaml';

type Write = YAMLMap['toString'];

/**
 * The text of a changed document. Lines are not folded; and yaml has one way for all brackets, so each that was read is
 * told to be as it was: `[a]` beside `{ b: c }`, which is also how new ones are.
 * @param source of which the document was parsed.
 */
export function written(document: Document, source: string): string {
  visit(document, {
    Collection: (_key, node) => {
      const isPadded = node.range ? /\s/.test(source.charAt(node.range[0] + 1)) : isMap(node);
      const write: Write = node instanceof YAMLMap ? YAMLMap.prototype.toString : YAMLSeq.prototype.toString;
      const padding = { flowCollectionPadding: isPadded ? ' ' : '' };
      node.toString = (context, onComment, onChompKeep) =>
        write.call(node as YAMLMap, context && { ...context, ...padding }, onComment, onChompKeep);
    },
  });
  return document.toString({ lineWidth: 0 });
}
