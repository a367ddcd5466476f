/** Colours of JupyterLab's dark theme that exported pages use; comments are lighter, to be read on their background. */
const dark = `--jp-layout-color0:#111;--jp-layout-color1:#111;--jp-layout-color2:#333;--jp-layout-color3:#444;
--jp-border-color0:#555;--jp-border-color1:#555;--jp-border-color2:#444;--jp-border-color3:#333;
--jp-content-font-color0:#fff;--jp-content-font-color1:#eee;--jp-content-font-color2:#ccc;--jp-content-font-color3:#aaa;
--jp-ui-font-color0:#fff;--jp-ui-font-color1:#eee;--jp-ui-font-color2:#ccc;--jp-ui-font-color3:#aaa;
--jp-content-link-color:#64b5f6;--jp-cell-editor-background:#1e1e1e;--jp-cell-editor-border-color:#444;
--jp-rendermime-table-row-background:#1e1e1e;--jp-rendermime-table-row-hover-background:#263238;
--jp-rendermime-error-background:#4a1c1c;
--jp-mirror-editor-keyword-color:#81c784;--jp-mirror-editor-atom-color:#90caf9;--jp-mirror-editor-number-color:#a5d6a7;
--jp-mirror-editor-def-color:#90caf9;--jp-mirror-editor-variable-color:#e0e0e0;
--jp-mirror-editor-variable-2-color:#81d4fa;--jp-mirror-editor-variable-3-color:#80cbc4;
--jp-mirror-editor-punctuation-color:#90caf9;--jp-mirror-editor-property-color:#90caf9;
--jp-mirror-editor-operator-color:#d79bff;--jp-mirror-editor-comment-color:#8fb8b8;
--jp-mirror-editor-string-color:#ff9a9a;--jp-mirror-editor-string-2-color:#ce93d8;
--jp-mirror-editor-meta-color:#d79bff;--jp-mirror-editor-qualifier-color:#bbb;--jp-mirror-editor-builtin-color:#81c784;
--jp-mirror-editor-bracket-color:#ccb;--jp-mirror-editor-tag-color:#a5d6a7;--jp-mirror-editor-attribute-color:#90caf9;
--jp-mirror-editor-header-color:#90caf9;--jp-mirror-editor-quote-color:#81c784;--jp-mirror-editor-link-color:#90caf9;
--jp-mirror-editor-error-color:#ff8a80`;

/** Makes a formula that is wider than the page smaller; what is then still wider scrolls. */
const narrowFormulas = `(function(){function fit(){document.querySelectorAll('math[display="block"]').forEach(function(m){
  m.style.fontSize="";var s=1.1;while(m.scrollWidth>m.clientWidth+1&&s>.5){s-=.05;m.style.fontSize=s.toFixed(2)+"em"}})}
addEventListener("load",fit);addEventListener("resize",fit);document.fonts.ready.then(fit)})()`;

/**
 * Returns the style of exported pages: one column as wide as its window, in which wide things scroll by themselves and
 * the page does not; light or dark as the reader's system is.
 */
export function pageStyle(): string {
  return `<style>
:root{color-scheme:light dark}
:root:root{--jp-mirror-editor-comment-color:#357070;--jp-mirror-editor-operator-color:#8410c8;
--jp-mirror-editor-number-color:#00700a;--jp-mirror-editor-keyword-color:#00700a}
@media(prefers-color-scheme:dark){:root:root{${dark}}}
body.jp-Notebook{max-width:1132px;margin:0 auto;padding:16px;box-sizing:border-box;overflow:visible;
background:var(--jp-layout-color0);color:var(--jp-content-font-color1)}
body .jp-Collapser,body .jp-InputPrompt,body .jp-OutputPrompt{display:none}
body .jp-Cell,body .jp-InputArea,body .jp-OutputArea-child{min-width:0;max-width:100%}
body .jp-InputArea,body .jp-OutputArea-child{display:block;width:100%;table-layout:auto}
body .jp-Cell{padding:4px 0}
body .jp-OutputArea-output,body .jp-RenderedMarkdown{display:block;width:auto;padding:4px 0;overflow-x:auto;box-sizing:border-box}
body .jp-OutputArea-output pre,body .jp-InputArea-editor pre,body .jp-RenderedMarkdown pre{white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere}
body .jp-OutputArea-output table{font-size:14px!important;margin-left:0}
body .jp-RenderedMarkdown,body .jp-RenderedText{overflow-wrap:anywhere}
body .jp-OutputArea-output table{overflow-wrap:normal}
body .jp-OutputArea-output caption{color:inherit;padding:4px 0;max-width:min(calc(100vw - 40px),1068px)}
body .jp-OutputArea-output figcaption{color:inherit!important}
body .jp-RenderedMarkdown img{max-width:100%;height:auto}
body .jp-RenderedHTML svg{max-width:100%}
.tl-code summary{cursor:pointer;padding:6px 8px;font-size:14px}
@media(max-width:600px){body.jp-Notebook{padding:8px}body .jp-OutputArea-output table{font-size:13px!important}}
</style>
<script>${narrowFormulas}</script>`;
}
