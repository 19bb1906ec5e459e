import { dialectCompilers, type CompiledCode } from './codegen/compiler.js';
import { nativeValue } from './native-value.js';
import { operations } from './runtime/operations.js';
import { Runtime } from './runtime/runtime.js';
import { parse } from './syntax/parser.js';
import type { Scope, Template, TemplateSource } from './template-types.js';
import { toText } from './values/text.js';
import { type PyValue, Returned } from './values/value.js';

type Render<Output> = (P: typeof operations, R: Runtime) => Output;

/** Has the text anything for Jinja to do? */
export function hasTags(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Compiles a text; ChemflowError JINJA.SYNTAX with its place where it is no Jinja. */
export function compileTemplate(source: TemplateSource): Template {
  if (!hasTags(source.text)) return plainTemplate(source.text);
  const body = parse(source);
  const { code, names, dispatches } = dialectCompilers().compileTemplate(source, body, false);
  const rendered = functionOf<Render<string>>(code);
  let native: (() => Render<PyValue[]>) | undefined;
  const nativeRender = (): (() => Render<PyValue[]>) =>
    functionOf<Render<PyValue[]>>(dialectCompilers().compileTemplate(source, body, true).code);
  return {
    names,
    dispatches,
    render: (scope) => {
      try {
        return rendered()(operations, new Runtime(scope, source));
      } catch (error) {
        if (error instanceof Returned) return toText(error.value);
        throw error;
      }
    },
    renderNative: (scope) => {
      native ??= nativeRender();
      try {
        return nativeValue(native()(operations, new Runtime(scope, source, true)), source);
      } catch (error) {
        if (error instanceof Returned) return error.value;
        throw error;
      }
    },
  };
}

/** A compiled body as a function of P and R, made when it is first asked for: many macros are compiled and never called. */
export function functionOf<Compiled>(code: CompiledCode['code']): () => Compiled {
  let made: Compiled | undefined;
  return () => (made ??= new Function('P', 'R', code) as Compiled);
}

function plainTemplate(text: string): Template {
  const rendered = text.replace(/\r?\n$/, '').replace(/\r\n?/g, '\n');
  const render = (_scope: Scope): string => rendered;
  return { names: new Set(), dispatches: [], render, renderNative: render };
}
