import { ChemflowError, didYouMean } from '../error/index.js';
import { compileTemplate, isTrue, noKeywords, toText, type PyValue } from '../jinja/index.js';
import type { Macro } from '../types/index.js';
import { builtinMacros, withBuiltinMacros } from './builtin-macros.js';
import type { TemplateHost } from './frame.js';
import { createMacroLibrary } from './macro-library.js';
import { createParseFrame, type ParseFrame } from './parse-frame.js';
import { nodeDict, parseMembers } from './parse-members.js';
import type { ParseNode, ParseOutcome, TemplateEngine, TemplateEngineOptions } from './parse-types.js';
import { padded, shownFile } from './shown-file.js';
import { templateEnvironment } from './template-environment.js';
import { withNameHints } from './template-error.js';
import { genericTestCall } from './generic-test.js';

/** Has a text anything that Jinja would change? */
function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Makes the engine of the parse phase for one project: templates are rendered with `execute` false, and what they call is noted. */
export function createTemplateEngine(options: TemplateEngineOptions): TemplateEngine {
  const { project, invocation } = options;
  const macros = withBuiltinMacros(options.macros);
  const library = createMacroLibrary(project, macros, options.files);
  const host: TemplateHost = {
    project,
    invocation,
    library,
    env: templateEnvironment(project),
    reads: options.reads,
    say: (level, text, code) => options.sink?.({ kind: 'message', level, text, code }),
  };
  const macroFrames = new Map<string, ParseFrame>();
  const macroFrame = (packageName: string): ParseFrame => {
    let frame = macroFrames.get(packageName);
    if (frame === undefined)
      macroFrames.set(packageName, (frame = createParseFrame(host, parseMembers, null, packageName)));
    return frame;
  };

  const parseNode = (node: ParseNode, text: string): ParseOutcome => {
    const testMacros = new Set<string>();
    const frame = createParseFrame(host, parseMembers, node, node.package_name);
    const file = node.shownFile ?? shownFile(project, node.package_name, node.original_file_path);
    const place = { file, line: node.line, fileText: node.fileText ?? padded(text, node.line) };
    let names: readonly string[] = [];
    withNameHints(frame.scope, () => {
      if (node.test_metadata !== undefined) {
        const call = genericTestCall(library, node, frame.scope, place);
        call.run();
        for (const id of [call.macro.unique_id, ...call.macroIds]) testMacros.add(id);
      }
      // dbt writes a generic test as a call of its macro, which has been made already.
      if (!isTemplate(text) || text.includes('_dbt_generic_test_kwargs')) return;
      const template = compileTemplate({ text, ...place });
      names = library.dependencies(template, node.package_name);
      template.render(frame.scope);
    });
    return {
      refs: [...frame.record.refs.values()],
      sources: [...frame.record.sources.values()],
      config: frame.record.config,
      macros: [...new Set([...names, ...testMacros])],
    };
  };

  const generateName: TemplateEngine['generateName'] = (kind, custom, node) => {
    const macroName = `generate_${kind}_name`;
    const macro =
      library.ofPackage(node.package_name)?.get(macroName) ?? library.find(macroName, null, project.root.name);
    if (macro === undefined) throw unknownMacro(macroName, library.names(project.root.name));
    const { scope } = macroFrame(node.package_name);
    const args: PyValue[] = [custom === '' ? null : custom, nodeDict(node)];
    const value = withNameHints(scope, () => scope.bind(macro)(args, noKeywords));
    return isTrue(value) ? toText(value).trim() : '';
  };

  return {
    parseNode,
    generateName,
    findMacro: (name, packageName, fromPackage) => library.find(name, packageName, fromPackage),
    macroDependencies: (macro: Macro) => library.dependencies(library.define(macro), macro.package_name),
    builtinMacros: builtinMacros(),
  };
}

function unknownMacro(name: string, known: readonly string[]): ChemflowError {
  return new ChemflowError({
    code: 'TEMPLATE.UNKNOWN_MACRO',
    message: `There is no macro "${name}".`,
    hint: didYouMean(name, known),
  });
}
